SELECT
  c.id
FROM customers AS c
WHERE
  LOWER(c.name) = LOWER('ANA')
