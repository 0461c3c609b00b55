SELECT
  c.id
FROM customers AS c
WHERE
  LOWER(c.phone) = LOWER('12')
