SELECT
  c.id
FROM customers AS c
WHERE
  c.tags && CAST(ARRAY['a', 'c'] AS TEXT[])
