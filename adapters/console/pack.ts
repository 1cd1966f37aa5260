/** Where modules are, and where their imports lead. Paths are the caller's own. */
export interface Modules {
  /** JavaScript of a module. */
  text(path: string): string;
  /** What a module means by a specifier: another module, or a file that stays apart. */
  resolve(
    specifier: string,
    from: string,
  ): { readonly kind: 'module' | 'apart'; readonly path: string };
}

const imported = /^import (?:(\w+)|\{([^}]*)\}) from '([^']+)';$/gm;
const exported = /^export (?=(?:async )?(?:function|class|const) (\w+))/gm;

/**
 * One module out of many, so that a browser asks once and not a hundred times: each keeps a scope of
 * its own, and comes after those that it needs. It knows what this house writes, which is named
 * imports at the start of a line and exports at a declaration; its bindings do not change later.
 * @throws Error for any other import or export, and for modules that need each other
 */
export function packModules(entry: string, modules: Modules): string {
  const apart = new Map<string, string>();
  const packed = new Map<string, string | null>();
  const parts: string[] = [];

  function nameOf(specifier: string, from: string): string {
    const { kind, path } = modules.resolve(specifier, from);
    if (kind === 'module') return add(path, from);
    const name = apart.get(path) ?? `p${apart.size}`;
    apart.set(path, name);
    return name;
  }

  function add(path: string, from: string): string {
    const known = packed.get(path);
    if (known === null) throw new Error(`${path} and ${from} need each other`);
    if (known !== undefined) return known;
    packed.set(path, null);
    const names: string[] = [];
    const text = modules
      .text(path)
      .replaceAll(imported, (_, whole: string | undefined, some: string, specifier: string) => {
        const name = nameOf(specifier, path);
        if (whole !== undefined) return `const ${whole}=${name}.default;`;
        return `const {${some.replaceAll(' as ', ':')}}=${name};`;
      })
      .replaceAll(exported, (_, name: string) => {
        names.push(name);
        return '';
      });
    const strange = /^(?:import|export)\b.*/m.exec(text)?.[0];
    if (strange !== undefined) throw new Error(`${path} cannot be packed: ${strange}`);
    const own = `m${parts.length}`;
    parts.push(`let ${own};{\n${text}\n${own}={${names.join()}};}\n`);
    packed.set(path, own);
    return own;
  }

  add(entry, entry);
  const imports = [...apart].map(
    ([path, name]) => `import * as ${name} from ${JSON.stringify(path)};\n`,
  );
  return [...imports, ...parts].join('');
}
