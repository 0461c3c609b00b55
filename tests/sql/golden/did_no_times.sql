SELECT
  c.id
FROM customers AS c
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM orders AS o
    WHERE
      o.customer_id = c.id AND (
        o.status IN ('cancelled', 'test')
      ) IS NOT TRUE
  )
