import htm from 'htm';
import { h, type VNode } from 'preact';

const template = htm.bind(h);

/** Markup as tagged templates, without a build step. @throws Error unless there is one root element */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): VNode {
  const made = template(strings, ...values);
  if (Array.isArray(made)) throw new Error('A template has more than one root');
  return made;
}
