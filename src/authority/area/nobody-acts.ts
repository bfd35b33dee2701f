/**
 * A condition of SQL on a cooperative `c` and the day `$1`: it works, or is in liquidation, and no seat that may act there runs. Whether its
 * organs are suspended is another matter, and known.
 */
export const NOBODY_ACTS = `c.durum IN ('faal', 'tasfiye') AND NOT EXISTS (
    SELECT 1 FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no
      AND ((c.durum = 'faal' AND s.role IN ('board', 'trustee', 'appointee')) OR (c.durum = 'tasfiye' AND s.role = 'liquidator'))
      AND s.registered_on <= $1::date AND s.starts_on <= $1::date AND (s.ends_on IS NULL OR s.ends_on > $1::date)
      AND (s.gone_on IS NULL OR s.gone_on > $1::date))`;
