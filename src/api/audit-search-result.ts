const leaf = { type: 'integer', minimum: 0 };
const leafHash = { type: 'string', pattern: '^[0-9a-f]{64}$' };

/** The answer of a search, for the OpenAPI document. */
export const AUDIT_SEARCH_RESULT = {
  type: 'object',
  properties: {
    search: { type: 'string', format: 'uuid', description: 'Id of the entry that tells of this search.' },
    receipt: { type: 'object', properties: { leafIndex: leaf, leafHash } },
    entries: {
      type: 'array',
      description: 'Newest first.',
      items: {
        type: 'object',
        properties: {
          leafIndex: leaf,
          leafHash,
          at: { type: 'string', format: 'date-time' },
          entry: {
            type: 'object',
            description: 'The entry; of `sealed` the names of the fields alone (docs/audit-entries.md).',
          },
          outcome: {
            type: 'object',
            description: 'What became of a query: the last that is known.',
            properties: {
              outcome: { type: ['string', 'null'] },
              state: { type: 'string' },
              leafIndex: leaf,
            },
          },
          revealed: {
            type: 'object',
            description:
              'By field, where `reveal` was asked for: the text, or `destroyed` (its key is gone), or `unreadable` (it was changed).',
            additionalProperties: { type: 'string' },
          },
        },
      },
    },
    next: {
      type: ['string', 'null'],
      description:
        'Cursor of the next page; null where everything was looked at. A page may be short or empty before.',
    },
    lookedTo: { ...leaf, description: 'Leaves from this one on have been looked at.' },
    indexedTo: { ...leaf, description: 'Leaves before this one can be found.' },
    detached: {
      type: 'array',
      description: 'Ranges that the period touches and that are not at hand.',
      items: { type: 'object', properties: { first: leaf, count: leaf } },
    },
  },
} as const;
