SELECT
  c.id
FROM customers AS c
WHERE
  (
    c.tags && CAST(ARRAY['a'] AS TEXT[])
  ) IS NOT TRUE
