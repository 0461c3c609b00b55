SELECT
  c.id
FROM customers AS c
WHERE
  LOWER(c.name) IN ('ana', 'Ana', 'o''brien', 'O''BRIEN')
