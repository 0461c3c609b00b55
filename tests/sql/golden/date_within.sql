SELECT
  c.id
FROM customers AS c
WHERE
  c.born >= CAST('1996-01-01' AS DATE) AND c.born < CAST('1997-01-01' AS DATE)
