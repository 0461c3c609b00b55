SELECT
  c.id
FROM customers AS c
WHERE
  c.income IS NOT NULL
