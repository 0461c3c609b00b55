SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM orders AS o
    WHERE
      o.customer_id = c.id
      AND (
        o.status IN ('cancelled', 'test')
      ) IS NOT TRUE
      AND o.channel = 'web'
      AND o.amount > 20
  )
