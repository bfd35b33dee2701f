/** Reasons of `edevlet`, in Turkish. */
export const EDEVLET = {
  'edevlet.profile':
    '“oidc”: keşif (discovery) ile; önde duran bir Keycloak ya da ilerideki bir e-Devlet için.',
  'edevlet.baseUrl': 'Üç adresin altında durduğu kök adres; deneme ortamında: giris.build.turkiye.gov.tr.',
  'edevlet.authorizePath': 'e-Devlet ile giriş yaptıran uygulamalarda görüldüğü gibi.',
  'edevlet.tokenPath': 'e-Devlet ile giriş yaptıran uygulamalarda görüldüğü gibi.',
  'edevlet.resourcePath': 'e-Devlet ile giriş yaptıran uygulamalarda görüldüğü gibi.',
  'edevlet.issuer': '“oidc” profili için: keşfin (discovery) başladığı adres.',
  'edevlet.clientId': 'e-Devlet’in verdiği gibi. Varsayılanı yoktur: bu kurumun adıdır.',
  'edevlet.clientSecret':
    'e-Devlet’in verdiği gibi; belirteç isteğinin gövdesinde gönderilir, hiçbir zaman Basic başlığında değil.',
  'edevlet.scopes': 'Nelerin istendiği; gereken yalnız numara, adlar ve giriş yöntemidir.',
  'edevlet.scopeSeparator':
    'Kapsamların arasındaki ayırıcı: çoğu uygulamada noktalı virgül, birkaçında boşluk.',
  'edevlet.pkce': 'e-Devlet’in bunu denetlediği bilinmiyor. “oidc” profili her zaman kullanır.',
  'edevlet.resource.transport':
    'Kaynak çağrısının alanlarını nasıl taşıdığı: uygulamalarda form olarak görülmüştür.',
  'edevlet.resource.identityScope': 'Cevabında giriş yöntemi bulunan veri kümesi (kapsam).',
  'edevlet.resource.nameScope': 'Cevabında numara ve adlar bulunan veri kümesi (kapsam).',
  'edevlet.resource.resourceId': 'Görülen bütün örneklerde “1”dir.',
  'edevlet.resource.successCode': 'Başarı sayılan tek kod; başka her şey rettir.',
  'edevlet.resource.fields.clientId': 'e-Devlet ile giriş yaptıran uygulamalarda görüldüğü gibi.',
  'edevlet.resource.fields.accessToken':
    'e-Devlet ile giriş yaptıran uygulamalarda görüldüğü gibi; Bearer başlığı yoktur.',
  'edevlet.resource.fields.resourceId': 'e-Devlet ile giriş yaptıran uygulamalarda görüldüğü gibi.',
  'edevlet.resource.fields.scope': 'Görüldüğü gibi: her veri kümesi için bir çağrı.',
  'edevlet.resource.answer.code': 'Kodun bulunduğu alan.',
  'edevlet.resource.answer.person': 'Numara ve adların bulunduğu alan.',
  'edevlet.resource.answer.number': 'Kişi bilgisi içinde numaranın alanı.',
  'edevlet.resource.answer.givenName': 'Kişi bilgisi içinde adın alanı.',
  'edevlet.resource.answer.familyName': 'Kişi bilgisi içinde soyadın alanı.',
  'edevlet.resource.answer.level': 'Girişin gücünün yazdığı, en üst düzeydeki alan.',
  'edevlet.oidcClaims.number': 'Kimlik numarasını taşıyan bilgi alanı (claim).',
  'edevlet.oidcClaims.givenName': 'OpenID Connect’in verdiği ad.',
  'edevlet.oidcClaims.familyName': 'OpenID Connect’in verdiği ad.',
  'edevlet.timeoutMs': 'Her çağrı için süre; bu arada bir kişi boş bir sayfa önünde bekler.',
  'edevlet.maxAnswerBytes': 'Bir cevap birkaç yüz bayttır.',
  'edevlet.extraCa':
    'İşletim sisteminin listesine ek olarak güvenilen sertifika makamları, PEM; kurum içindeki bir Keycloak ve deneme ortamı için.',
  'edevlet.twoStep.inForceFrom':
    'İki aşamalı giriş yapmayan hiç kimsenin oturum açamadığı ilk gün (Türkiye saati): 29.07.2025 tarihli duyuru.',
  'edevlet.twoStep.announcedFrom':
    'İki aşamalı giriş yapmayanların uyarılıp içeri alındığı ilk gün; inForceFrom gününden önce.',
  'edevlet.twoStep.helpUrl': 'Ret sayfasının, iki aşamalı girişi açmaları için kişileri gönderdiği adres.',
  'edevlet.twoStep.levels':
    'Girişin gücü hakkındaki her cevabın ne anlama geldiği; uyan ilk satır geçerlidir.',
  'edevlet.twoStep.levels[].level':
    'e-Devlet’in “level” olarak verdiği ham değer; “oidc” profilinde “acr” değeri.',
  'edevlet.twoStep.levels[].amr': '“oidc” profili için: bunların her biri “amr” içinde bulunur.',
  'edevlet.twoStep.levels[].method':
    'Giriş yöntemi (parola, mobil imza, e-imza, T.C. kimlik kartı, internet bankacılığı).',
  'edevlet.twoStep.levels[].twoStep': 'İki aşamalı sayılıp sayılmadığı. Satırı olmayan sayılmaz.',
  'edevlet.twoStep.levels[].reason': 'Nedeni; değiştiren söylemek zorunda kalsın diye ayarlarda durur.',
} as const;
