import type { Page } from '../../frame/parts.js';
import { basisFields, NO_BASIS, type TypedBasis } from '../evidence/basis-form.js';
import type { Typed } from '../evidence/typed.js';

const EXPORT_PATH = '/konsol/guvenlik/disa-aktar';

/** An export as it was typed. */
export interface TypedExport {
  readonly from: Typed<string>;
  readonly to: Typed<string>;
  readonly basis: TypedBasis;
}

export const NO_EXPORT: TypedExport = {
  from: { text: '', value: null, error: undefined },
  to: { text: '', value: null, error: undefined },
  basis: NO_BASIS,
};

/** The form of an export, and where evidence of one query is made. */
export function exportPage({ basis, from, to }: TypedExport): Page {
  return {
    title: { tr: 'Dışa aktarma ve delil', en: 'Export and evidence' },
    help: {
      tr: 'Bir dönemin kayıtları, kendini kanıtlayan bir arşiv (ZIP) olarak hazırlanır; içindeki kişisel değerler kapalı kalır. Tek bir sorgunun delili, o sorgunun kayıt sayfasından alınır. Hazırlama sürerken bu sayfadan ayrılabilirsiniz; sonuç “İşlerim” altında bekler.',
      en: 'The entries of a period are made into an archive (ZIP) that proves itself; personal values in it stay sealed. Evidence of a single query is made from the page of its entry. You may leave while it is made; the result waits under “My work”.',
    },
    parts: [
      {
        part: 'form',
        action: EXPORT_PATH,
        method: 'post',
        legend: { tr: 'Bir dönemi dışa aktar', en: 'Export a period' },
        fields: [
          {
            kind: 'date',
            name: 'from',
            label: { tr: 'İlk gün', en: 'First day' },
            hint: { tr: 'Boşsa kaydın başından.', en: 'Empty: from the beginning of the log.' },
            value: from.text,
            error: from.error,
          },
          {
            kind: 'date',
            name: 'to',
            label: { tr: 'Son gün (bu gün dâhil)', en: 'Last day (included)' },
            hint: { tr: 'Boşsa şu ana kadar.', en: 'Empty: until now.' },
            value: to.text,
            error: to.error,
          },
          ...basisFields(basis),
        ],
        submit: { tr: 'Dışa aktarmayı başlat', en: 'Begin the export' },
      },
      { part: 'heading', text: { tr: 'Arşiv nasıl denetlenir?', en: 'How is the archive checked?' } },
      {
        part: 'text',
        text: {
          tr: 'Arşivi bir klasöre açın. Bir sorgunun delilinde verify.html dosyasını tarayıcıda açıp klasörün dosyalarını verin; bir dönemin dışa aktarımını “bridge audit verify KLASÖR” ile ya da bir delilin içindeki verify.html ile denetleyin. Denetim ağ bağlantısı gerektirmez ve bu sisteme güvenmez.',
          en: 'Unpack the archive. Evidence of a query holds verify.html: open it in a browser and give it the files of the folder. The export of a period is checked by “bridge audit verify FOLDER”, or by the verify.html of any evidence. Checking needs no network and does not trust this system.',
        },
      },
      {
        part: 'links',
        label: { tr: 'Delil', en: 'Evidence' },
        links: [
          {
            href: '/konsol/guvenlik/arama',
            text: { tr: 'Delili alınacak sorguyu ara', en: 'Find the query for evidence' },
            kind: 'second',
          },
        ],
      },
    ],
  };
}
