;; Arithmetic on planes of float32, four values an instruction. Planes are byte offsets into one memory; they may be read
;; at any offset, aligned or not, because a plane that is shifted by a pixel is the same plane at another offset.
;;
;; `npm run build:kernels` turns this into plane-kernels.ts.
(module
  (memory (import "planes" "memory") 1)

  ;; aᵀb over $bytes, a multiple of 512. Products are added up in single precision for as long as a block of 128 values
  ;; lasts, and blocks in double precision: small differences of these sums are what is wanted.
  (func (export "product") (param $a i32) (param $b i32) (param $bytes i32) (result f64)
    (local $end i32) (local $stop i32) (local $sum v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $end (i32.add (local.get $a) (local.get $bytes)))
    (loop $block
      (local.set $stop (i32.add (local.get $a) (i32.const 512)))
      (local.set $s0 (v128.const f32x4 0 0 0 0))
      (local.set $s1 (v128.const f32x4 0 0 0 0))
      (local.set $s2 (v128.const f32x4 0 0 0 0))
      (local.set $s3 (v128.const f32x4 0 0 0 0))
      (loop $next
        (local.set $s0 (f32x4.add (local.get $s0)
          (f32x4.mul (v128.load (local.get $a)) (v128.load (local.get $b)))))
        (local.set $s1 (f32x4.add (local.get $s1)
          (f32x4.mul (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b)))))
        (local.set $s2 (f32x4.add (local.get $s2)
          (f32x4.mul (v128.load offset=32 (local.get $a)) (v128.load offset=32 (local.get $b)))))
        (local.set $s3 (f32x4.add (local.get $s3)
          (f32x4.mul (v128.load offset=48 (local.get $a)) (v128.load offset=48 (local.get $b)))))
        (local.set $b (i32.add (local.get $b) (i32.const 64)))
        (br_if $next (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 64))) (local.get $stop))))
      (local.set $s0 (f32x4.add (f32x4.add (local.get $s0) (local.get $s1)) (f32x4.add (local.get $s2) (local.get $s3))))
      (local.set $sum (f64x2.add (local.get $sum) (f64x2.add
        (f64x2.promote_low_f32x4 (local.get $s0))
        (f64x2.promote_low_f32x4
          (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $s0) (local.get $s0))))))
      (br_if $block (i32.lt_u (local.get $a) (local.get $end))))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))

  ;; out ← Σ factor · plane over the taps from $taps to $tapsEnd, each the offset of a plane (i32) and a factor (f32).
  ;; $bytes is a multiple of 64. No plane may overlap with out.
  (func (export "filter") (param $out i32) (param $taps i32) (param $tapsEnd i32) (param $bytes i32)
    (local $i i32) (local $tap i32) (local $plane i32) (local $factor v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (loop $next
      (local.set $tap (local.get $taps))
      (local.set $s0 (v128.const f32x4 0 0 0 0))
      (local.set $s1 (v128.const f32x4 0 0 0 0))
      (local.set $s2 (v128.const f32x4 0 0 0 0))
      (local.set $s3 (v128.const f32x4 0 0 0 0))
      (loop $more
        (local.set $plane (i32.add (i32.load (local.get $tap)) (local.get $i)))
        (local.set $factor (v128.load32_splat offset=4 (local.get $tap)))
        (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $factor) (v128.load (local.get $plane)))))
        (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $factor) (v128.load offset=16 (local.get $plane)))))
        (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $factor) (v128.load offset=32 (local.get $plane)))))
        (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $factor) (v128.load offset=48 (local.get $plane)))))
        (br_if $more (i32.lt_u (local.tee $tap (i32.add (local.get $tap) (i32.const 8))) (local.get $tapsEnd))))
      (v128.store (i32.add (local.get $out) (local.get $i)) (local.get $s0))
      (v128.store offset=16 (i32.add (local.get $out) (local.get $i)) (local.get $s1))
      (v128.store offset=32 (i32.add (local.get $out) (local.get $i)) (local.get $s2))
      (v128.store offset=48 (i32.add (local.get $out) (local.get $i)) (local.get $s3))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 64))) (local.get $bytes))))))
