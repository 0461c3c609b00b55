SELECT
  c.id
FROM customers AS c
WHERE
  (
    c.phone <> ''
  ) IS NOT TRUE
