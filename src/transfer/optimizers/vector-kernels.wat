;; Arithmetic on long vectors of float32, four values an instruction, with sums in double precision.
;;
;; Vectors are byte offsets into one memory, aligned to 16 and padded with zeros to a multiple of 32 bytes; $bytes is that
;; padded length. Sums are kept in four parts, which are added in a fixed order: the same input gives the same result.
;;
;; `npm run build:kernels` turns this into vector-kernels.ts.
(module
  (memory (import "vectors" "memory") 1)

  ;; aᵀb
  (func (export "dot") (param $a i32) (param $b i32) (param $bytes i32) (result f64)
    (local $i i32) (local $u v128) (local $v v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (loop $next
      (local.set $u (v128.load (i32.add (local.get $a) (local.get $i))))
      (local.set $v (v128.load (i32.add (local.get $b) (local.get $i))))
      (local.set $s0 (f64x2.add (local.get $s0)
        (f64x2.mul (f64x2.promote_low_f32x4 (local.get $u)) (f64x2.promote_low_f32x4 (local.get $v)))))
      (local.set $s1 (f64x2.add (local.get $s1)
        (f64x2.mul (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $u) (local.get $u)))
                   (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))))
      (local.set $u (v128.load offset=16 (i32.add (local.get $a) (local.get $i))))
      (local.set $v (v128.load offset=16 (i32.add (local.get $b) (local.get $i))))
      (local.set $s2 (f64x2.add (local.get $s2)
        (f64x2.mul (f64x2.promote_low_f32x4 (local.get $u)) (f64x2.promote_low_f32x4 (local.get $v)))))
      (local.set $s3 (f64x2.add (local.get $s3)
        (f64x2.mul (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $u) (local.get $u)))
                   (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 32))) (local.get $bytes))))
    (local.set $s0 (f64x2.add (f64x2.add (local.get $s0) (local.get $s1)) (f64x2.add (local.get $s2) (local.get $s3))))
    (f64.add (f64x2.extract_lane 0 (local.get $s0)) (f64x2.extract_lane 1 (local.get $s0))))

  ;; out ← x + scale · d; out may be x or d.
  (func (export "addScaled") (param $out i32) (param $x i32) (param $scale f32) (param $d i32) (param $bytes i32)
    (local $i i32) (local $s v128)
    (local.set $s (f32x4.splat (local.get $scale)))
    (loop $next
      (v128.store (i32.add (local.get $out) (local.get $i))
        (f32x4.add (v128.load (i32.add (local.get $x) (local.get $i)))
                   (f32x4.mul (local.get $s) (v128.load (i32.add (local.get $d) (local.get $i))))))
      (v128.store offset=16 (i32.add (local.get $out) (local.get $i))
        (f32x4.add (v128.load offset=16 (i32.add (local.get $x) (local.get $i)))
                   (f32x4.mul (local.get $s) (v128.load offset=16 (i32.add (local.get $d) (local.get $i))))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 32))) (local.get $bytes)))))

  ;; y ← y + scale · x, then yᵀb for the new y.
  (func (export "addScaledThenDot") (param $y i32) (param $scale f32) (param $x i32) (param $b i32) (param $bytes i32) (result f64)
    (local $i i32) (local $s v128) (local $u v128) (local $v v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $s (f32x4.splat (local.get $scale)))
    (loop $next
      (local.set $u (f32x4.add (v128.load (i32.add (local.get $y) (local.get $i)))
        (f32x4.mul (local.get $s) (v128.load (i32.add (local.get $x) (local.get $i))))))
      (v128.store (i32.add (local.get $y) (local.get $i)) (local.get $u))
      (local.set $v (v128.load (i32.add (local.get $b) (local.get $i))))
      (local.set $s0 (f64x2.add (local.get $s0)
        (f64x2.mul (f64x2.promote_low_f32x4 (local.get $u)) (f64x2.promote_low_f32x4 (local.get $v)))))
      (local.set $s1 (f64x2.add (local.get $s1)
        (f64x2.mul (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $u) (local.get $u)))
                   (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))))
      (local.set $u (f32x4.add (v128.load offset=16 (i32.add (local.get $y) (local.get $i)))
        (f32x4.mul (local.get $s) (v128.load offset=16 (i32.add (local.get $x) (local.get $i))))))
      (v128.store offset=16 (i32.add (local.get $y) (local.get $i)) (local.get $u))
      (local.set $v (v128.load offset=16 (i32.add (local.get $b) (local.get $i))))
      (local.set $s2 (f64x2.add (local.get $s2)
        (f64x2.mul (f64x2.promote_low_f32x4 (local.get $u)) (f64x2.promote_low_f32x4 (local.get $v)))))
      (local.set $s3 (f64x2.add (local.get $s3)
        (f64x2.mul (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $u) (local.get $u)))
                   (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 32))) (local.get $bytes))))
    (local.set $s0 (f64x2.add (f64x2.add (local.get $s0) (local.get $s1)) (f64x2.add (local.get $s2) (local.get $s3))))
    (f64.add (f64x2.extract_lane 0 (local.get $s0)) (f64x2.extract_lane 1 (local.get $s0)))))
