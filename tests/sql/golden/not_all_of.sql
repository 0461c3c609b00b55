SELECT
  c.id
FROM customers AS c
WHERE
  (
    c.gender = 'F' AND c.income > 100
  ) IS NOT TRUE
