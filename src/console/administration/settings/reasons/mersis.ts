/** Reasons of `mersis`, in Turkish. */
export const MERSIS = {
  'mersis.adapter':
    '“soap”: bizim tanımımız olan wsdl/mersis.wsdl; “rest”: Bakanlık ağ geçidinin düzeni, “data” ya da “errors”.',
  'mersis.url': 'Hizmetin adresi. Varsayılanı yoktur: bir satır eksik diye gerçek sicile sorulmamalıdır.',
  'mersis.userName': 'MERSİS’e soran bu kurum için verilmiş hesabın kullanıcı adı (HTTP Basic).',
  'mersis.password': 'O hesabın parolası.',
  'mersis.clientCertificate.certificate': 'Sertifika ve zinciri, PEM.',
  'mersis.clientCertificate.key': 'Özel anahtar, PEM.',
  'mersis.extraCa':
    'İşletim sisteminin listesine ek olarak güvenilen sertifika makamları, PEM. Doğrulamanın kendisi kapatılamaz.',
  'mersis.localAddress': 'İzin listesinde yazan sabit adres.',
  'mersis.timeoutMs': 'Bir çağrı için, cevabın sonuna kadar okunmasıyla birlikte süre.',
  'mersis.maxAnswerBytes': 'Geçmişiyle birlikte bir yönetim kurulu birkaç kilobayttır.',
  'mersis.poll.enabled': 'Yalnız cevap veren bir süreçte kapalıdır; süreçlerden biri mutlaka okumalıdır.',
  'mersis.poll.staleHours':
    'Her kooperatif en az bu sıklıkla okunur: authority.staleAfterHours değerinin altında, zaman payıyla.',
  'mersis.poll.activeHours':
    'Kullanıcıların çalıştığı ya da bir görev süresinin bir hafta içinde biteceği yerlerde: birkaç hatadan sonra bile bir günden eski olmaz.',
  'mersis.poll.activeDays': 'Bir kişinin girişi, kooperatiflerini bu kadar gün etkin sayar.',
  'mersis.poll.dailyBudget':
    'Bütün süreçlerin birlikte günlük istek sayısı: sicildeki 50.078 kooperatifin iki katı, isteğe bağlı okumalara payla.',
  'mersis.poll.requestsPerSecond':
    'Bütün sicil 84 dakikada okunur; saniyede on istek hiçbir kurumun hizmetini yormaz.',
  'mersis.poll.concurrent': 'Aynı anda yapılan istek sayısı.',
  'mersis.poll.jitterPercent':
    'Her sonraki okumanın kaydırıldığı aralık payı: sicile tek bir dalga hâlinde sorulmaz.',
  'mersis.guard.secondReadingS':
    'Boş dönen ya da çok üye yitiren bir kurul, inanılmadan önce bu kadar süre sonra yeniden okunur.',
  'mersis.guard.largeLossPercent':
    'Yürürlükteki görevlerin bu payından fazlasının düşmesi ikinci bir okuma ister; seçimler, yenilerini getirmeden bundan fazlasını bir kerede seyrek değiştirir.',
  'mersis.guard.lossesPerRun':
    'Bir turda görev yitiren kooperatif sayısı: üstünde tur, iki kişi serbest bırakana kadar durur.',
  'mersis.guard.lossSharePercent':
    'Aynısı, bütün kooperatiflerin payı olarak, en az beş kooperatif; küçük olan sayı geçerlidir.',
  'mersis.guard.maxAgeHours':
    'Sicilin verdiği bilgi geldiğinde en çok bu kadar eski olabilir; daha eskisi kabul edilmez.',
  'mersis.guard.clockSkewS': 'Sicilin verdiği bilginin tarihi en çok bu kadar ileride olabilir.',
  'mersis.refreshesPerPersonPerHour':
    'Bir kişinin istediği hemen okumalar: tescili beklenenler içindir, sürekli yoklamak için değil.',
  'mersis.refreshPauseS': 'Bu süre içinde hiç kimse aynı kooperatifi hemen yeniden okutamaz.',
} as const;
