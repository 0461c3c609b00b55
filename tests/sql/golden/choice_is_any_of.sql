SELECT
  c.id
FROM customers AS c
WHERE
  c.state IN ('CA', 'TX')
