import canonicalizePackage from 'canonicalize';

/** RFC 8785 by somebody else. The package is CommonJS with the types of an ES module, hence the detour. */
export const canonicalize = canonicalizePackage as unknown as (value: unknown) => string | undefined;
