import { ACR_STEP_UP } from '../../sign-in/access-tokens.js';
import { CONSOLE_RETURN_PATH } from '../../sign-in/provider/clients.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import { signInUrl } from '../../sign-in/web/sign-in-url.js';
import { ACCESS } from '../access.js';
import type { AccessRow } from '../access-row.js';
import type { FormPart, Page, Part } from './parts.js';

const UPLOADS = Object.values<AccessRow>(ACCESS).filter(
  ({ method, upload }) => method === 'POST' && upload === true,
);

/** Where the second step is given. `back`: the page of ours that it leads back to; null: one that says that it was given. */
export function stepUpUrl(issuer: string, back: string | null): string {
  const state = back === null ? {} : { state: back };
  return signInUrl(issuer, CONSOLE_RETURN_PATH, { acr_values: ACR_STEP_UP, ...state });
}

/**
 * The page as it is shown where forms on it take a file for an action that still misses its second step: no page can keep a file, which would
 * be chosen in vain. Such forms are held back, and the second step is offered at the top. `isMissing`: whether the operation asks for the
 * step and it is not there; `url`: where it is given, leading back to this page.
 */
export function withStepFirst(
  page: Page,
  isMissing: (operation: StepUpOperation) => boolean,
  url: string,
): Page {
  const waits = (part: Part): boolean => part.part === 'form' && part.upload === true && misses(part);
  const misses = ({ action }: FormPart): boolean =>
    UPLOADS.some(
      ({ operation, path }) => operation !== undefined && isAt(path, action) && isMissing(operation),
    );
  let held = 0;
  const shown = (parts: readonly Part[]): readonly Part[] =>
    parts.map((part) => {
      if (part.part === 'more') return { ...part, parts: shown(part.parts) };
      if (!waits(part)) return part;
      held += 1;
      return HELD_BACK;
    });
  const parts = shown(page.parts);
  return held === 0 ? page : { ...page, parts: [offer(url), ...parts] };
}

/** Whether an address is one of the row’s path. */
function isAt(path: string, action: string): boolean {
  const [asked = ''] = action.split('?');
  const given = asked.split('/');
  const pattern = path.split('/');
  return (
    given.length === pattern.length && pattern.every((one, i) => one.startsWith(':') || one === given[i])
  );
}

function offer(href: string): Part {
  return {
    part: 'notice',
    tone: 'warning',
    text: {
      tr: 'Bu sayfadan dosya yüklemek ikinci adımı ister. Dosyayı seçmeden önce doğrulayın; ardından bu sayfaya dönersiniz.',
      en: 'To upload a file from this page the second step is needed. Give it before you choose the file; it leads back to this page.',
    },
    link: { href, text: { tr: 'İkinci adımı doğrula', en: 'Give the second step' } },
  };
}

const HELD_BACK: Part = {
  part: 'text',
  text: {
    tr: 'Dosya formu, ikinci adım doğrulanınca burada açılır.',
    en: 'The form for the file opens here once the second step was given.',
  },
};
