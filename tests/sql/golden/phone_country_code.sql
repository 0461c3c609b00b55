SELECT
  c.id
FROM customers AS c
WHERE
  c.phone ILIKE ANY(
    CAST(ARRAY['+44%', '0044%'] AS TEXT[])
  )
