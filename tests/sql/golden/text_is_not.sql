SELECT
  c.id
FROM customers AS c
WHERE
  (
    LOWER(c.name) = LOWER('ana')
  ) IS NOT TRUE
