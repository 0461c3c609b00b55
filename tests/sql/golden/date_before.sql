SELECT
  c.id
FROM customers AS c
WHERE
  c.born < CAST('1996-03-01' AS DATE)
