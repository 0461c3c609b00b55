SELECT
  c.id
FROM customers AS c
WHERE
  c.gender = 'F'
  AND EXISTS(
    SELECT
      1
    FROM orders AS o
    WHERE
      o.customer_id = c.id AND (
        o.status IN ('cancelled', 'test')
      ) IS NOT TRUE
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM visits AS v
    WHERE
      v.customer_id = c.id AND v.device IN ('mobile', 'desktop', 'tablet')
  )
