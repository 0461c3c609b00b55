SELECT
  c.id
FROM customers AS c
WHERE
  c.tags @> CAST(ARRAY['b', 'c'] AS TEXT[])
