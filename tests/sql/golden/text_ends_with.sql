SELECT
  c.id
FROM customers AS c
WHERE
  c.city ILIKE '%IS'
