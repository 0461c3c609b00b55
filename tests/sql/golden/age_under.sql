SELECT
  c.id
FROM customers AS c
WHERE
  c.born <= CAST('2026-03-10' AS DATE) AND c.born > CAST('1996-03-10' AS DATE)
