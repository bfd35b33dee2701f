import type { Random } from './random.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Common Turkish given names and surnames, and some of other languages, as registers write them: in capitals. */
const WOMEN = words(`
  AYŞE FATMA EMİNE HATİCE ZEYNEP ELİF MERYEM ŞERİFE ZEHRA SULTAN HANİFE MERVE HAVVA ZELİHA ESRA FADİME ÖZLEM HACER MELEK YASEMİN
  HÜLYA SEVİM GÜLSÜM LEYLA DİLEK BÜŞRA AYSEL SONGÜL KÜBRA HALİME ESMA AYNUR HAYRİYE TUĞBA REYHAN SEVGİ RABİA ASLI GAMZE GÜLŞEN
  ÇİĞDEM IŞIL NUR NAZLI FİLİZ İREM PINAR BURCU DUYGU EBRU GÖNÜL ÜLKÜ ÖZGE SİBEL TÜLAY NERMİN NİLGÜN MÜNEVVER ŞÜKRAN CANSU`);
const MEN = words(`
  MEHMET MUSTAFA AHMET ALİ HÜSEYİN HASAN İBRAHİM İSMAİL OSMAN YUSUF MURAT ÖMER RAMAZAN HALİL SÜLEYMAN ABDULLAH MAHMUT RECEP SALİH FATİH
  KADİR EMRE HAKAN ADEM KEMAL YAŞAR BEKİR MUSA METİN BAYRAM SERKAN ORHAN BURAK FURKAN GÖKHAN UĞUR YAKUP ENES ARİF ÇAĞRI
  CEMAL ERCAN İLHAN IŞIK KAAN LEVENT NECATİ OĞUZ ÖZGÜR SAMİ ŞABAN ŞÜKRÜ TAHSİN TUNCAY TURGUT ÜMİT VEYSEL YİĞİT ZEKİ GÜVEN`);
const SURNAMES = words(`
  YILMAZ KAYA DEMİR ÇELİK ŞAHİN YILDIZ YILDIRIM ÖZTÜRK AYDIN ÖZDEMİR ARSLAN DOĞAN KILIÇ ASLAN ÇETİN KARA KOÇ KURT ÖZKAN ŞİMŞEK
  POLAT KORKMAZ ÖZCAN ÇAKIR ERDOĞAN YAVUZ CAN ACAR ŞEN AKTAŞ GÜLER YALÇIN GÜNEŞ BOZKURT BULUT KESKİN ÜNAL TURAN GÜL ÖZER
  IŞIK KAPLAN AVCI SARI TEKİN TAŞ KÖSE YÜKSEL ATEŞ AKSOY ÇOBAN UYSAL KILINÇ ERDEM UÇAR BAYRAK ÇİFTÇİ ALTUN DURAN ÖZÇELİK
  KARATAŞ GÜNGÖR TOPRAK BAYRAM ER ÖNAL KARAKAŞ ÇOLAK SOYLU ALBAYRAK ÇAVUŞOĞLU HACIOĞLU KÜÇÜK BÜYÜK TOSUN IRMAK ILGAZ İNAN İNCE ZENGİN
  BAŞARAN DEMİRCİ KÖROĞLU UZUN VURAL VARDAR YAĞCI YİĞİT GÖKÇE GEDİK ELMAS EKİCİ DİNÇER ÇINAR CEYLAN BİLGİN BİÇER ATALAY ARIKAN AKGÜL`);
const FOREIGN_GIVEN_NAMES = words(`
  MICHAEL ANNA-LENA MOHAMMAD FRANÇOIS JOÃO ŁUKASZ SØREN ZOË BJÖRN NGUYỄN SOFÍA AYGÜN OLEKSANDR NATALIA IBRAHIM FARIDA HASSAN WILLIAM JIŘÍ MAXIM
  ELVIRA GULNARA AMINA KHALED RASHID INGRID SIOBHÁN DIMITRI`);
const FOREIGN_SURNAMES = words(`
  MÜLLER O'BRIEN NOVÁK DVOŘÁK HOSSEINI IVANOVA PETROV ALIYEV SMITH GARCÍA SILVA KOWALSKI ŁUKASIEWICZ JØRGENSEN ÅKESSON TRẦN AL-HASAN RAHIMI SHEVCHENKO
  D'ANGELO WILLIAMS AHMADI NAZARI LEFÈVRE`);

/** A surname in use and a hyphened one for some women who keep their own beside their husband's are both only names drawn. */
export function drawName(random: Random, origin: 'turkish' | 'foreign'): { ad: string; soyad: string } {
  if (origin === 'foreign')
    return { ad: random.pick(FOREIGN_GIVEN_NAMES), soyad: random.pick(FOREIGN_SURNAMES) };
  const given = random.pick([WOMEN, MEN]);
  const first = random.pick(given);
  const second = random.chance(0.22) ? random.pick(given) : first;
  const surname = random.pick(SURNAMES);
  const added = given === WOMEN && random.chance(0.05) ? random.pick(SURNAMES) : surname;
  return {
    ad: second === first ? first : `${first} ${second}`,
    soyad: added === surname ? surname : `${surname} ${added}`,
  };
}
