SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        n.key
      FROM (
        SELECT
          o.customer_id AS key,
          (
            o.channel = 'web'
          ) IS TRUE AS holds,
          ROW_NUMBER() OVER (
            PARTITION BY o.customer_id
            ORDER BY o.ordered_at DESC NULLS LAST, o.id DESC NULLS LAST
          ) AS place
        FROM orders AS o
        WHERE
          (
            o.status IN ('cancelled', 'test')
          ) IS NOT TRUE AND o.ordered_at IS NOT NULL
      ) AS n
      WHERE
        n.place = 1 AND n.holds
    ) AS x
    WHERE
      x.key = c.id
  )
