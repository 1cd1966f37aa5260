/**
 * Node's HTTP, asked for by name: an `import` of it reads everything that it offers, and so loads
 * the WebSocket of the browsers with all that hangs on it. That would be half of what a process of
 * the demo service costs to start, and many of them are started.
 */
export const { Agent, createServer, get, request } = process.getBuiltinModule('node:http');
