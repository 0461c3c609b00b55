SELECT
  c.id
FROM customers AS c
WHERE
  c.city ILIKE ANY(
    CAST(ARRAY['são%', 'AUS%'] AS TEXT[])
  )
