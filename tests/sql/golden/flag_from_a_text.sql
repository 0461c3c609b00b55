SELECT
  c.id
FROM customers AS c
WHERE
  LOWER(c.vip) IN ('true', 't', 'yes', 'y', 'on', '1')
