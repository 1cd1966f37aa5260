import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { PageHead } from '#adapters/console/page/page-head.ts';
import { Problem } from '#adapters/console/page/problem.ts';
import { useResource } from '#adapters/console/page/resource.ts';
import { blocks } from '#adapters/console/page/view/blocks.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import type { Postmortem } from '#adapters/console/wire.ts';

/** The story of one release, for those who learn from it; and as a file to go on with. */
export function PostmortemPage({ id }: { readonly id: string }): VNode {
  const path = `/api/rollouts/${encodeURIComponent(id)}/postmortem`;
  const { value, problem } = useResource<Postmortem>(path, {}, (stream) =>
    stream.endsWith(`:${id}`),
  );
  const story = value.value;
  return html`<section class="pane" aria-label=${`Postmortem of ${id}`}>
    <${PageHead} title=${story?.view.title ?? 'Postmortem'} detail=${id}>
      <a class="back-link" href=${`/rollouts/${encodeURIComponent(id)}`}>${mark('back')}The release</a>
    <//>
    <div class="scroll"><div class="wide story">
      <${Problem} refusal=${problem.value} />
      ${
        story === null
          ? null
          : html`<article class="card" data-tone=${story.view.tone}>${blocks(story.view.blocks, null)}</article>
            <p><a href=${`${path}.md`} download>Download as Markdown</a></p>`
      }
    </div></div>
  </section>`;
}
