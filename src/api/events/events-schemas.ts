const day = { type: ['string', 'null'], format: 'date' };
const word = { type: ['string', 'null'] };
const receipt = {
  type: ['object', 'null'],
  description: 'Names the entry in the audit log.',
  properties: { leafIndex: { type: 'integer' } },
};
const person = {
  description:
    'A pseudonym that stays the same for this client and is another one for every other; the number where the registration allows it and it is still kept.',
  oneOf: [
    { type: 'object', required: ['pseudonym'], properties: { pseudonym: { type: 'string' } } },
    {
      type: 'object',
      required: ['kimlikNo'],
      properties: { kimlikNo: { type: 'string', pattern: '^[0-9]{11}$' } },
    },
  ],
};
const grant = {
  person,
  cooperative: { ...word, description: 'MERSİS number; null for roles that rest on no cooperative' },
  basis: { type: 'string', format: 'uuid', description: 'seat or role' },
  role: { type: 'string' },
  ministry: word,
  il: word,
  from: day,
  to: { ...day, description: 'the day on which it is over' },
  registeredOn: day,
};
const cursor = { type: 'string', pattern: '^(0|[1-9][0-9]{0,18})$' };

/** Schemas of the feed's answers, for the OpenAPI document. */
export const EVENTS_SCHEMAS = {
  AuthorityGrant: { type: 'object', properties: { ...grant, receipt } },
  AuthorityEvent: {
    type: 'object',
    description:
      'CloudEvents 1.0. An event may come again, by the same id; of two about one basis the one with the greater sequence holds.',
    required: ['specversion', 'id', 'source', 'type', 'time', 'sequence', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', pattern: '^ae-[0-9]+$' },
      source: { type: 'string', format: 'uri-reference' },
      type: { enum: ['tr.gov.koopbis.authority.granted.v1', 'tr.gov.koopbis.authority.lost.v1'] },
      subject: { type: 'string', description: 'MERSİS number; absent where there is none' },
      time: { type: 'string', format: 'date-time' },
      datacontenttype: { const: 'application/json' },
      sequence: {
        type: 'string',
        pattern: '^[0-9]{19}$',
        description: 'position in the feed, with zeros in front; without a gap',
      },
      data: {
        type: 'object',
        properties: { ...grant, reason: { ...word, description: 'why it was lost' }, receipt },
      },
    },
  },
  AuthorityEvents: {
    type: 'object',
    required: ['events', 'next', 'more'],
    properties: {
      events: { type: 'array', items: { $ref: '#/components/schemas/AuthorityEvent' } },
      next: { ...cursor, description: '`after` of the next call' },
      more: { type: 'boolean', description: 'whether something follows at once' },
    },
  },
  AuthoritySnapshot: {
    type: 'object',
    required: ['source', 'position', 'grants', 'next'],
    properties: {
      source: { type: 'string' },
      position: {
        ...cursor,
        description:
          'of the moment when the first page was read, on every page: the feed goes on behind it. What changed between the pages comes there once more; to apply it twice does no harm.',
      },
      grants: { type: 'array', items: { $ref: '#/components/schemas/AuthorityGrant' } },
      next: { type: ['string', 'null'], description: '`page` of the next call; null after the last page' },
    },
  },
} as const;
