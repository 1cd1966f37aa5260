import htm from 'htm';
import { Fragment, h, type VNode } from 'preact';

const template = htm.bind(h);

/** Markup as tagged templates, without a build step. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): VNode {
  const made = template(strings, ...values);
  return Array.isArray(made) ? h(Fragment, null, made) : made;
}
