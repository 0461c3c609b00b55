SELECT
  c.id
FROM customers AS c
WHERE
  c.born IS NOT NULL
