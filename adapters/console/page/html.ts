import htm from 'htm';
import { Fragment, h, type VNode } from 'preact';

const template = htm.bind(element);

/** Markup as tagged templates, without a build step. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): VNode {
  const made = template(strings, ...values);
  return Array.isArray(made) ? h(Fragment, null, made) : made;
}

/** What turns the direction of the text after it: names and reasons may hold it, to be misread. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;

function element(...[type, props, ...children]: Parameters<typeof h>): VNode {
  return h(type, props, ...children.map(straight));
}

function straight<T>(child: T): T | string | readonly unknown[] {
  // A number and its per cent stay on one line.
  if (typeof child === 'string') return child.replace(turning, '').replace(/(\d) %/g, '$1\u00a0%');
  return Array.isArray(child) ? child.map(straight) : child;
}
