/** Reasons of `fees`, in Turkish. */
export const FEES = {
  'fees.tariff':
    'Yürürlüğe girebilecek satırlar. Bir satırın yüklü olması onu etkin yapmaz: bunu iki kişi, gelecek bir günden başlayarak, “bridge fees tariff” ile yapar. NVİ’nin sıkça sorulan sorularında sorgu başına 2 kuruş yazar; 2020 satırı (girdi verisi başına 3 kuruş) yüklüdür, etkin değildir.',
  'fees.tariff[].id': 'Satırın adı; kararlarda bu ad yazar.',
  'fees.tariff[].from':
    'Resmî Gazete’ye göre yürürlükteki ilk gün; burada hangi günden sayılacağını bir karar söyler.',
  'fees.tariff[].amountKurus': 'Bir birim için tam kuruş; para hiçbir zaman kesirli olmaz.',
  'fees.tariff[].basis': 'Bir birimin ne olduğu.',
  'fees.tariff[].service': 'Satırın geçerli olduğu hizmet; null: bütün hizmetler.',
  'fees.tariff[].gazette': 'Satırın dayandığı Resmî Gazete’nin sayısı.',
  'fees.inputs':
    'Bir hizmetin her sürümünün girdi verileri: bizim yorumumuzdur, NVİ’nin teyit etmesi gerekir.',
  'fees.inputs[].service': 'Girdi verileri sayılan hizmet.',
  'fees.inputs[].version': 'O hizmetin sürümü.',
  'fees.inputs[].inputs': 'Kaç girdi verisi aldığı.',
  'fees.collectHours':
    'Çeyrek bittikten sonra, dondurulabilmesi için geç sonuçların ne kadar toplandığı; her sorgu saniyeler içinde biter, saatler arasındaki fark daha azdır.',
  'fees.proposalHours': 'Bir önerinin ikinci kişiyi ne kadar beklediği: bir hafta sonunu aşacak kadar.',
  'fees.holidays':
    'Son ödeme gününe konan not için, günü sabit olanlar dışındaki resmî tatiller (bayram, idari izin).',
  'fees.renewalNoticeDays':
    'Bir anlaşmanın bitmesine ne kadar kala yenilenecek diye gösterildiği: yazışma haftalar sürer.',
} as const;
