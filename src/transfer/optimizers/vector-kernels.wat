;; Arithmetic on long vectors of float32, four values an instruction, with sums in double precision.
;;
;; Vectors are byte offsets into one memory, aligned to 16 and padded with zeros to a multiple of 256 bytes; $bytes is that
;; padded length. Packed vectors are blocks of 64 bytes, $values, and a float32 for each of their $blocks, $scales. Sums are kept in four parts, which are added in a fixed order: the same input gives the same result.
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

  ;; packed ← a − b, in blocks of 64 values: whole numbers from −127 to 127, and what one of them is worth.
  (func (export "packDifference") (param $values i32) (param $scales i32) (param $a i32) (param $b i32) (param $blocks i32)
    (local $i i32) (local $d v128) (local $largest v128) (local $m f32) (local $factor v128)
    (local $u0 v128) (local $u1 v128) (local $u2 v128) (local $u3 v128)
    (loop $block
      (local.set $largest (v128.const f32x4 0 0 0 0))
      (local.set $i (i32.const 0))
      (loop $look
        (local.set $d (f32x4.sub (v128.load (i32.add (local.get $a) (local.get $i)))
                                 (v128.load (i32.add (local.get $b) (local.get $i)))))
        (local.set $largest (f32x4.max (local.get $largest) (f32x4.abs (local.get $d))))
        (br_if $look (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 256))))
      (local.set $m (f32.max
        (f32.max (f32x4.extract_lane 0 (local.get $largest)) (f32x4.extract_lane 1 (local.get $largest)))
        (f32.max (f32x4.extract_lane 2 (local.get $largest)) (f32x4.extract_lane 3 (local.get $largest)))))
      (f32.store (local.get $scales) (f32.div (local.get $m) (f32.const 127)))
      ;; The inverse of what is hardly a number at all would be infinite.
      (local.set $factor (f32x4.splat
        (select (f32.div (f32.const 127) (local.get $m)) (f32.const 0) (f32.gt (local.get $m) (f32.const 1e-30)))))
      (local.set $i (i32.const 0))
      (loop $store
        (local.set $u0 (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (local.get $factor)
          (f32x4.sub (v128.load (local.get $a)) (v128.load (local.get $b)))))))
        (local.set $u1 (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (local.get $factor)
          (f32x4.sub (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b)))))))
        (local.set $u2 (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (local.get $factor)
          (f32x4.sub (v128.load offset=32 (local.get $a)) (v128.load offset=32 (local.get $b)))))))
        (local.set $u3 (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (local.get $factor)
          (f32x4.sub (v128.load offset=48 (local.get $a)) (v128.load offset=48 (local.get $b)))))))
        (v128.store (local.get $values) (i8x16.narrow_i16x8_s
          (i16x8.narrow_i32x4_s (local.get $u0) (local.get $u1)) (i16x8.narrow_i32x4_s (local.get $u2) (local.get $u3))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (local.set $a (i32.add (local.get $a) (i32.const 64)))
        (local.set $b (i32.add (local.get $b) (i32.const 64)))
        (br_if $store (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4))))
      (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
      (br_if $block (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1))))))

  ;; packedᵀx; within a block sums are in single precision.
  (func (export "dotPacked") (param $values i32) (param $scales i32) (param $x i32) (param $blocks i32) (result f64)
    (local $i i32) (local $q v128) (local $sum v128) (local $s0 v128) (local $s1 v128)
    (loop $block
      (local.set $sum (v128.const f32x4 0 0 0 0))
      (local.set $i (i32.const 0))
      (loop $next
        (local.set $q (v128.load (local.get $values)))
        (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul (v128.load (local.get $x))
          (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (i16x8.extend_low_i8x16_s (local.get $q)))))))
        (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul (v128.load offset=16 (local.get $x))
          (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (i16x8.extend_low_i8x16_s (local.get $q)))))))
        (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul (v128.load offset=32 (local.get $x))
          (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (i16x8.extend_high_i8x16_s (local.get $q)))))))
        (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul (v128.load offset=48 (local.get $x))
          (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (i16x8.extend_high_i8x16_s (local.get $q)))))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 64)))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4))))
      (local.set $sum (f32x4.mul (local.get $sum) (v128.load32_splat (local.get $scales))))
      (local.set $s0 (f64x2.add (local.get $s0) (f64x2.promote_low_f32x4 (local.get $sum))))
      (local.set $s1 (f64x2.add (local.get $s1)
        (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $sum) (local.get $sum)))))
      (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
      (br_if $block (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1)))))
    (local.set $s0 (f64x2.add (local.get $s0) (local.get $s1)))
    (f64.add (f64x2.extract_lane 0 (local.get $s0)) (f64x2.extract_lane 1 (local.get $s0))))

  ;; y ← y + scale · packed
  (func (export "addScaledPacked") (param $y i32) (param $scale f32) (param $values i32) (param $scales i32) (param $blocks i32)
    (local $i i32) (local $q v128) (local $s v128)
    (loop $block
      (local.set $s (f32x4.splat (f32.mul (local.get $scale) (f32.load (local.get $scales)))))
      (local.set $i (i32.const 0))
      (loop $next
        (local.set $q (v128.load (local.get $values)))
        (v128.store (local.get $y) (f32x4.add (v128.load (local.get $y)) (f32x4.mul (local.get $s)
          (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (i16x8.extend_low_i8x16_s (local.get $q)))))))
        (v128.store offset=16 (local.get $y) (f32x4.add (v128.load offset=16 (local.get $y)) (f32x4.mul (local.get $s)
          (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (i16x8.extend_low_i8x16_s (local.get $q)))))))
        (v128.store offset=32 (local.get $y) (f32x4.add (v128.load offset=32 (local.get $y)) (f32x4.mul (local.get $s)
          (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (i16x8.extend_high_i8x16_s (local.get $q)))))))
        (v128.store offset=48 (local.get $y) (f32x4.add (v128.load offset=48 (local.get $y)) (f32x4.mul (local.get $s)
          (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (i16x8.extend_high_i8x16_s (local.get $q)))))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (local.set $y (i32.add (local.get $y) (i32.const 64)))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4))))
      (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
      (br_if $block (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1)))))))
