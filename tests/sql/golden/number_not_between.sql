SELECT
  c.id
FROM customers AS c
WHERE
  (
    c.children BETWEEN 1 AND 2
  ) IS NOT TRUE
