const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` is written as our session ids are: PostgreSQL throws on what is none, and reads other spellings as the same. */
export function isSessionId(text: string): boolean {
  return UUID.test(text);
}
