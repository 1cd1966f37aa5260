import type { InstanceOrder } from './order.ts';

/**
 * A page that shows which version answers: it asks again four times a second, and paints each
 * answer in the colour of the version that gave it, so that a canary can be watched by eye.
 */
export function pageOf(order: InstanceOrder): string {
  const title = plain(`${order.service} in ${order.environment}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>
body{margin:0;min-height:100vh;display:grid;place-content:center;gap:1.5rem;text-align:center;
font:1rem/1.5 system-ui,sans-serif;background:#f6f7f9;color:#1c2430}
h1{margin:0;font-size:1.25rem;font-weight:600}
#now{font-size:5rem;font-weight:700;line-height:1;padding:2rem 4rem;border-radius:1rem;color:#fff;
background:${plain(order.character.colour)}}
#past{display:grid;grid-template-columns:repeat(20,1.25rem);gap:.25rem;justify-content:center}
#past i{height:1.25rem;border-radius:.25rem;background:#dfe3e8}
#past i.bad{outline:3px solid #c62828;outline-offset:-3px}
</style></head><body>
<h1>${title}</h1><div id="now" role="status">${plain(order.version)}</div>
<div id="past" role="img" aria-label="The last 100 answers, each in the colour of its version">
${'<i></i>'.repeat(100)}</div><p id="tally"></p>
<script>
const seen=[],cells=[...document.querySelectorAll('#past i')];
async function ask(){
  let hit={version:'no answer',colour:'#4a4f57',ok:false};
  try{const r=await fetch('/',{headers:{accept:'application/json'},cache:'no-store'});
    hit={version:'?',colour:'#4a4f57',...await r.json(),ok:r.ok}}catch{}
  seen.push(hit);if(seen.length>100)seen.shift();
  now.textContent=hit.version;now.style.background=hit.colour;
  seen.forEach((h,i)=>{cells[i].style.background=h.colour;cells[i].className=h.ok?'':'bad'});
  const by={};for(const h of seen)by[h.version]=(by[h.version]||0)+1;
  tally.textContent=Object.entries(by).map(([v,n])=>v+': '+Math.round(100*n/seen.length)+' %').join(', ')
    +', errors: '+Math.round(100*seen.filter(h=>!h.ok).length/seen.length)+' %';
}
const now=document.getElementById('now'),tally=document.getElementById('tally');
setInterval(ask,250);
</script></body></html>
`;
}

function plain(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
