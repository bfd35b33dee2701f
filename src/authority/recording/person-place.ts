/** Where the number of a person of a seat is sealed: bound to the tag, so that no box serves under another. */
export function authorityPersonPlace(tag: Buffer): string {
  return `authority-person\n${tag.toString('hex')}`;
}
