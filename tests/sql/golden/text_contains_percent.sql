SELECT
  c.id
FROM customers AS c
WHERE
  c.name ILIKE '%50\%%'
