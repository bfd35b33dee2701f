import { ANONYMOUS, NS } from './namespaces.js';
import { element, fragment, text, verbatim, type Xml } from './xml-writer.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the text form of a UUID: the only shape of a message id that ever goes out. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** `urn:uuid:…`, as it stands in MessageID and comes back in RelatesTo. */
export function messageUrn(messageId: string): string {
  return `urn:uuid:${messageId}`;
}

/** The addressing headers that are the same for each message of one action and target, made once. */
export interface AddressingTemplate {
  readonly action: string;
  readonly before: Xml;
  readonly after: Xml;
}

/** Prepares Action, ReplyTo and To (facts/kps.md §2.2); `s` must be the envelope's prefix. */
export function addressingTemplate(action: string, to: string): AddressingTemplate {
  const must = { 'xmlns:a': NS.addressing, 's:mustUnderstand': '1' };
  const own = { 'xmlns:a': NS.addressing };
  return {
    action,
    before: element('a:Action', must, text(action)),
    after: fragment(
      element('a:ReplyTo', own, element('a:Address', {}, text(ANONYMOUS))),
      element('a:To', must, text(to)),
    ),
  };
}

/**
 * The headers of one message: Action, `extra` (Sorgulayan: right after Action, facts/kps.md §1.6), MessageID, ReplyTo, To.
 * `messageId` must be a UUID (`isUuid`), checked by the caller before anything is sent.
 */
export function addressingHeaders(template: AddressingTemplate, messageId: string, extra: Xml | null): Xml {
  return verbatim(
    `${template.before}${extra ?? ''}<a:MessageID xmlns:a="${NS.addressing}">${messageUrn(messageId)}</a:MessageID>${template.after}`,
  );
}

/** `Sorgulayan`: who asks, in the provider's own header (facts/kps.md §1.6). Personal data: never logged. */
export function sorgulayanHeader(value: string): Xml {
  return element('Sorgulayan', { xmlns: NS.sorgulayan }, text(value));
}
