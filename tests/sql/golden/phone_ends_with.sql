SELECT
  c.id
FROM customers AS c
WHERE
  c.phone ILIKE '%0100'
