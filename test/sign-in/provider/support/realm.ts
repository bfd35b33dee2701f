const builtIn = globalThis.structuredClone;

/**
 * Under jest the built-in gives objects of the realm outside, and `oidc-provider` asks `constructor === Object` of the keys of a
 * client. Here plain data stay in the realm of the test; everything else goes the way of the built-in.
 */
function cloneHere(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloneHere);
  if (typeof value === 'object' && value !== null && value.constructor === Object)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cloneHere(one)]));
  return typeof value === 'object' && value !== null ? builtIn(value) : value;
}

globalThis.structuredClone = cloneHere as typeof structuredClone;
