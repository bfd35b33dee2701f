/** A sentence of ours in the languages of whoever reads it: English on the command line, both on pages. */
export interface Words {
  readonly en: string;
  readonly tr: string;
}
