SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        r.key
      FROM (
        SELECT
          c2.id AS key,
          RANK() OVER (ORDER BY c2.income DESC) AS place
        FROM customers AS c2
        WHERE
          c2.income IS NOT NULL
      ) AS r
      WHERE
        r.place <= 3
    ) AS x
    WHERE
      x.key = c.id
  )
