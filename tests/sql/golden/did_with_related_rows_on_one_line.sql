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
      AND EXISTS(
        SELECT
          1
        FROM order_items AS oi
        JOIN products AS p
          ON p.id = oi.product_id
        WHERE
          oi.order_id = o.id AND p.category = 'shoes' AND oi.quantity >= 2
      )
  )
