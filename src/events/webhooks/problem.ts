/** Why an attempt failed. Closed; stands in rows, lists and entries. */
export type WebhookProblem =
  /** The receiver's name leads to an address that its registration does not allow. */
  | 'address-not-allowed'
  | 'name-not-resolved'
  | 'connection-failed'
  | 'tls-failed'
  | 'timeout'
  /** 3xx: never followed; whoever could answer so once could send the events anywhere. */
  | 'redirect'
  /** 410: it wants no more of it. */
  | 'gone'
  | 'too-many-requests'
  | 'unavailable'
  | 'refused'
  | 'failed'
  /** The event is not kept any longer. */
  | 'event-purged'
  /** No registered client has this receiver any longer. */
  | 'not-registered';
